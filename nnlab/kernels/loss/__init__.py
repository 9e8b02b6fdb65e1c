"""Losses, one file each; the name of the file is the name in the configuration.

A piece offers

- ``PARAMETERS``: its settings; at most one, passed to the kernels as `parameter`.
- ``TASKS``: the tasks that it is for, "classification" and "regression".
- ``loss(outputs, targets, delta, parameter)``: return the SUM over the batch of the loss of each example, and write to
  delta (batch, outputs) the gradient with respect to the outputs of the batch's MEAN loss.
- ``link(outputs)``: turn outputs into predictions in place, for example into probabilities.
"""
