// A folder whose sources are still to come.
