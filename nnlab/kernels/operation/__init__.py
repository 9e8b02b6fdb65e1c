"""Operations that join layers into networks, one file each.

Whatever stands in a network's table of operations, here or among the activations, normalisations and noises, offers

- ``PARAMETERS``: its settings, at most four numbers, in the order of `operation.settings`.
- ``shape(inputs, settings, width)``: its sizes, a `nnlab.kernels.shape.Shape`, from the width of its source and that
  of its other sources, or, for an operation with weights, the width that its target shall have.
- ``start(vector, settings)``, where they do not start at 0: set the initial values of its learned numbers other than
  weights.
- ``start_statistics(statistics, settings)``, where it has statistics: set their initial values.
- ``BIASES``, where its other learned numbers are biases, as those of activations are.
- ``forward(operation, memory, rows, draw)``: from rows of the source (rows, inputs) write those of the target
  (rows, outputs).
- ``backward(operation, memory, rows, draw)``: from target_delta = d loss / d target write source_delta =
  d loss / d source. Where it has no ``gradients``, write the gradients of what the operation has learned too.
- ``gradients(operation, memory, rows, first, last)``, where it needs no more than the deltas that backward leaves:
  write the gradients of what the operation has learned, of its weights those in rows first ... last - 1. It is called
  after backward has gone through all operations, perhaps by another thread.
"""
