"""Activation functions, one file each; the name of the file is the name in the configuration.

A piece is an operation, see `nnlab.kernels.operation`: it adds its biases to the pre-activations and applies the
function. The biases are the first of its other learned numbers, one per pre-activation; only `prelu` has more. Most
act on each pre-activation alone and are made by `nnlab.kernels.activation._elementwise`.
"""
