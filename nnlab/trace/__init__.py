"""The computation graph of a tiny network with all its numbers, update by update: `python -m nnlab.trace`.

Every number comes from the kernels that train all other networks, in float64: values and gradients from the network
itself and from single layers of it (`nnlab.trace.derivatives`), updates from one step of an ordinary training.

from nnlab.trace.traced import traced

trace = traced(["trace.x=[2,-1]", "trace.y=[1,-5]", "trace.w=1", "trace.b=1"])
trace.updates[0].graphs[0].node("loss").value
trace.updates[0].parameter("w").gradient
"""
