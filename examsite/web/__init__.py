"""What every page shares: the session and the time of a request, headers, error pages, language, forms."""
