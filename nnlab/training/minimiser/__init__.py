"""Minimisers from SciPy, one file each: optimizers that choose their own steps on the loss of all training examples.

The name of the file is the name in the configuration, among the optimizers of `nnlab.kernels.optimizer`. A piece offers
``PARAMETERS`` and ``iterates(function, start, iterations, is_asked_to_stop, **settings)``, which yields the parameters
(parameters,) after each iteration; ``function(parameters)`` returns the loss and its gradient in float64.
"""
