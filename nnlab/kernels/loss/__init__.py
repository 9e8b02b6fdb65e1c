"""Losses, one file each; the name of the file is the name in the configuration.

A piece offers

- ``PARAMETERS``: its settings, in the order of the kernel's `settings`.
- ``TASKS``: the tasks that it is for, of `nnlab.data.dataset.TASKS`.
- ``NEEDS_RAW_TARGETS``, where it is there: that scaled targets would change its meaning.
- ``loss(outputs, targets, weights, share, delta, settings, heads, losses)``: write to losses (batch,) the loss of each
  example times its weight, and to delta (batch, outputs) the gradient with respect to the outputs of the MEAN loss,
  which is the sum of the losses times `share`, 1 / the sum of the weights; see `nnlab.kernels.loss._per_example`.
- ``link(outputs, heads)``: turn outputs into predictions in place, for example into probabilities.
"""
