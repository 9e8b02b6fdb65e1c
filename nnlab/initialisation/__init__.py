"""Initial weights, one file each; the name of the file is the name in the configuration.

A piece offers ``PARAMETERS`` and ``weights(generator, inputs, units, **parameters)``, which returns the initial weights
(inputs, units) of one layer in float64; for maxout, units counts all pieces. Biases start at 0.
"""
