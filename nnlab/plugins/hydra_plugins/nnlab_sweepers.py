"""nnlab's sweepers, where Hydra looks for plugins: in a module of the package hydra_plugins, in whichever folder."""

from nnlab.sweepers.grid import Grid


class GridSweeper(Grid):
    """All combinations; conf/hydra/sweeper/grid.yaml names it."""
