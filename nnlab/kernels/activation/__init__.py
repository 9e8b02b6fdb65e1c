"""Activation functions, one file each; the name of the file is the name in the configuration.

A piece offers

- ``PARAMETERS``: its settings. ``pieces``, where it has it, is the number of pre-activations per unit; another one is
  passed to the kernels as `parameter`.
- ``forward(z, bias, a, parameter)``: add the bias to z (batch, units * pieces) and write the activations to
  a (batch, units).
- ``backward(z, a, delta, pre_delta, bias_gradient, parameter)``: from delta = d loss / d a write pre_delta =
  d loss / d z and its column sums, the gradient of the bias.
- ``NEEDS_PRE_ACTIVATIONS``: whether backward reads z. If not, z and a are the same memory.
"""
