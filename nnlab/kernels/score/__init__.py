"""What counts as a right answer, one file each; the task of the data decides which is used.

A piece offers ``score(outputs, targets, heads, scores)``: write the score of each example to scores (batch,).
"""
