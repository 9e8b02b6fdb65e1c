"""How the hidden layers of a network are joined, one file each; the name of the file is that in the configuration.

A piece offers ``PARAMETERS`` and ``connect(plan, layers, **settings)``, which appends the hidden layers to a plan.
"""
