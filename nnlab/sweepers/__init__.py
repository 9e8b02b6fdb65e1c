"""How the jobs of a sweep are chosen: Hydra's sweepers, that know which runs are in the store already."""
