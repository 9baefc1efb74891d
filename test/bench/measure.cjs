// Preloaded into every measured process: its peak memory, on file descriptor 3.
process.on('exit', () => {
  try {
    require('fs').writeSync(3, String(process.resourceUsage().maxRSS));
  } catch {
    // Not measured this time.
  }
});
