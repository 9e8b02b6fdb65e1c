"""A job: one configuration, checked, trained for its seeds, shown, written and recorded; and a sweep of jobs."""
