"""Normalisations of pre-activations, one file each; the name of the file is the name in the configuration.

A piece is an operation, see `nnlab.kernels.operation`, between the weights of a layer and its activation, whose biases
follow: y = gain x_hat + bias. The gain, one per pre-activation, is learned and starts at 1. A piece leaves x_hat in
its source, where nobody else looks.
"""
