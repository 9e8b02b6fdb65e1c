"""Momentum schedules, one file each; the name of the file is the name in the configuration.

A piece offers ``PARAMETERS`` and ``momenta(course, momentum, **settings)``, which returns the momentum of each update
of one epoch, (steps,) float64 in [0, 1); `momentum` is the optimizer's own, `course` an
`nnlab.training.schedule.Course`. A piece holds no state, so that a resumed training has the same momenta.
"""
