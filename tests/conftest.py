pytest_plugins = ["tests.fixtures", "tests.library"]
