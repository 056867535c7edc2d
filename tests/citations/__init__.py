"""Tests of kb.citations and kb.resolve."""
