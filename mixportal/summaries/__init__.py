"""What leaders read: the summary, the brief, share links, PDF files, the frame for other sites, and slides."""
