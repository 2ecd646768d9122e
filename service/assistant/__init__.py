"""The site's articles as tools for assistants, over the Model Context Protocol."""
