"""Data sets, their splits and their scaling."""

from __future__ import annotations

from nnlab.data.dataset import Dataset
from nnlab.data.loading import load
from nnlab.data.scaling import Scaling, fit_scaling
from nnlab.data.settings import check, defaults
from nnlab.data.splitting import Split, split, split_sizes

__all__ = ["Dataset", "Scaling", "Split", "check", "defaults", "fit_scaling", "load", "split", "split_sizes"]
