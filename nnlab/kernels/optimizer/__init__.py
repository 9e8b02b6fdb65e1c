"""Optimizers, one file each; the name of the file is the name in the configuration.

A piece offers

- ``PARAMETERS``: its settings, in the order of the kernel's `settings`; the first is always `learning_rate`, which
  reaches the kernel as `rate` instead, since it may change from step to step.
- ``SLOTS``: how many vectors of the parameters' size it remembers.
- ``update(parameters, gradients, state, memory, rate, step, settings)``: change parameters (parameters,), state, a
  tuple of vectors (parameters,) of which it has the first SLOTS, and memory (MEMORY,) in place; `step` counts from 1.
  Several threads may call it at once, each for a part of the parameters: so it reads what stands in memory at
  ``(step - 1) % MEMORY``, and writes what follows to ``step % MEMORY``.
- ``MOMENTUM``, where it has one: the name of the setting that a momentum schedule changes.
"""
