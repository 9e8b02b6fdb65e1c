"""How well small networks fit functions: the functions, the networks, their random starts, the best of several fits."""
