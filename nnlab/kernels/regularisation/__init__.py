"""What acts on gradients or weights beside the optimizer, one file each; the name of the file is the configuration's.

A piece offers

- ``SETTING``: the Parameter of its one setting, which is None where the piece is off.
- ``STAGE``: when it acts, one of `STAGES`.
- ``apply(operations, memory, size, rate, setting)``: change the gradients (size,) or the parameters (size,) in place;
  `rate` is the learning rate of the step. Only the first `memory.weights` of the parameters are weights: biases and
  other learned vectors are left alone, but for clipping.

A penalty acts through its gradient alone: the loss that is measured is that of the examples.
"""

from __future__ import annotations

# In the order in which they act, and within a stage by their names. The first three act before the optimizer's update,
# constraints after it.
STAGES = ("penalty", "clipping", "decay", "constraint")
BEFORE = STAGES[:3]
AFTER = STAGES[3:]
