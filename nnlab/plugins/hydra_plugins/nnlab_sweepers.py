"""nnlab's sweepers, where Hydra looks for plugins: in a module of the package hydra_plugins, in whichever folder."""

from hydra.core.config_store import ConfigStore

from nnlab.sweepers.arms import Arms
from nnlab.sweepers.grid import Grid
from nnlab.sweepers.search import OptunaSearch

_LAUNCHERS = ("joblib", "submitit_local", "submitit_slurm", "ray")


class GridSweeper(Grid):
    """All combinations; conf/hydra/sweeper/grid.yaml names it."""


class ArmsSweeper(Arms):
    """Arms one by one; conf/hydra/sweeper/arms.yaml names it."""


class OptunaSweeper(OptunaSearch):
    """A search; conf/hydra/sweeper/optuna.yaml names it."""


def _take_the_place_of_their_nodes() -> None:
    """Have the files in conf/hydra/launcher stand alone: of a file and a node of one name, Hydra would make a mixture.

    The launchers' plugins, which lie in an earlier folder, have registered their nodes already.
    """
    nodes = ConfigStore.instance().repo.get("hydra", {}).get("launcher", {})
    for name in _LAUNCHERS:
        nodes.pop(f"{name}.yaml", None)


_take_the_place_of_their_nodes()
