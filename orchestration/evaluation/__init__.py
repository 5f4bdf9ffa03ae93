"""The blind evaluation of the guard: simulated worlds, the frozen detector, then the labels.

This room alone knows both sides. ``lake`` and ``canonical`` put a world where the detector reads
it, ``detector`` runs the detector and knows of no label, ``scoring`` compares what it said with
what was planted, ``report`` puts that into words. Nothing here is part of the pipeline.
"""
