"""Learning which operators' edits are right, from the repairs of many programs: makes `learnt.json`."""
