"""Documents that are nobody's: marked 样本, each value's place known; spoiled in known ways, faults planted."""
