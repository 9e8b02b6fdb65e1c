"""How well small networks fit functions: functions, networks, random starts, the best of several fits.

Networks whose parameters are known without a fit are in `by_hand`.
"""
