"""The compute core: compiled functions on flat arrays, and nothing else (no Hydra, no MLflow, no logging).

Read it in this order: `structures` (what the arrays hold), `late_binding` and `interfaces` (how pieces are called, by
address), `passes` (forward and backward through all operations), `measuring` (from examples to losses), `descent` (from
deltas to gradients and new parameters), `entry_points` (what Python calls: one epoch, one evaluation, one prediction,
one gradient). How threads share a step is in `sharing` and the `shared_` files. Pieces are one file each in the folders
of their kinds.
"""
