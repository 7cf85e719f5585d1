import subprocess


def stop(*processes, seconds=20):
    """Ask processes to end, and end those that do not within some seconds."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
