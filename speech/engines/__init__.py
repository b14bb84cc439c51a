"""Engines that hear and engines that speak, each behind a protocol of the package above."""
