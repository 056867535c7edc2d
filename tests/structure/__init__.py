"""Tests of kb.structure."""
