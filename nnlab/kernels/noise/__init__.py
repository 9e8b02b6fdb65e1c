"""Noise on the inputs of layers, one file each; all of it is drawn anew in each step of training.

A piece is an operation, see `nnlab.kernels.operation`. Its random numbers depend on the seed's key and on
(element, step, epoch, layer, kind of noise) alone, whoever draws them and in whichever order.
"""
