"""The pages that everybody opens: an entry, and search over what governments say."""
