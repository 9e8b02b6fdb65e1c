"""Losses, one file each; the name of the file is the name in the configuration.

A piece offers

- ``PARAMETERS``: its settings, in the order of the kernel's `settings`.
- ``TASKS``: the tasks that it is for, of `nnlab.data.dataset.TASKS`.
- ``NEEDS_RAW_TARGETS``, where it is there: that scaled targets would change its meaning.
- ``loss(outputs, targets, weights, delta, settings, heads)``: return the SUM over the batch of the loss of each example
  times its weight, and write to delta (batch, outputs) the gradient with respect to the outputs of the MEAN loss, which
  is that sum divided by the sum of the weights; see `nnlab.kernels.loss._per_example`.
- ``link(outputs, heads)``: turn outputs into predictions in place, for example into probabilities.
"""
