"""A real Spark cluster on loopback: a master and two workers, each in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from support.processes import stop


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _await(port, process, seconds=60):
    for _ in range(seconds * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "Spark's master ended"
        time.sleep(0.1)
    raise TimeoutError("Spark's master does not answer")


@contextmanager
def cluster(folder, *, workers=2):
    """Start the cluster; give its address."""
    import pyspark

    home = Path(pyspark.__file__).parent
    own = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder),
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        # Small jobs end before a second compiler or parallel collectors would pay.
        "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    port, log = _free_port(), (Path(folder) / "log").open("w")

    def start(role, *arguments):
        command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", *arguments]
        return subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)

    place = ("--host", "127.0.0.1", "--webui-port", "0")
    started = [start("master.Master", *place, "--port", str(port))]
    try:
        _await(port, started[0])
        address = f"spark://127.0.0.1:{port}"
        limits = ("--cores", "1", "--memory", "1G")
        started += [start("worker.Worker", *place, *limits, address) for _ in range(workers)]
        os.environ.update(own)
        yield address
    finally:
        stop(*started)
        log.close()
        for name in own:
            os.environ.pop(name, None)


@contextmanager
def session(address):
    """Connect to a cluster from a driver in this process."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master(address)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "800m")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "America/Toronto")  # no session's zone matters
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()
