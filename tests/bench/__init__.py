"""What a save, a start, a submission and a whole candidate cost, beside the limit of the machine in the same run."""
