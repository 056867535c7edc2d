"""安规库 (kb): work-safety law, standards and notices as citable, searchable clauses."""

__all__ = ["__version__"]

__version__ = "0.1.0"
