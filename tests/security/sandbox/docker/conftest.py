import pytest
from autodev.sandbox.engines import docker_engine
@pytest.fixture(scope="module")
def docker():
    e = docker_engine()
    yield e
    e.close()
@pytest.fixture
def engine(docker):
    return docker
