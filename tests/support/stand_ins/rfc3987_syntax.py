"""Stands in for what JupyterLab brings for jsonschema, which compiles grammars for a second.

Altair and Jupyter load it in every process; nothing here checks IRIs.
"""
