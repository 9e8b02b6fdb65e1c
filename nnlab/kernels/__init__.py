"""The compute core: compiled functions on flat arrays, and nothing else (no Hydra, no MLflow, no logging).

Read it in this order: `structures` (what the arrays hold), `passes` (forward and backward through all layers),
`entry_points` (what Python calls: one epoch, one evaluation, one prediction, one gradient). Activations, losses
and optimizers are one file each in the folders of those names; integer codes select them at run time, so that one
compilation serves every architecture.
"""
