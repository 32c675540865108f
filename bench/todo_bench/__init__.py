"""The benchmark of todo-api: what `bench/run` is made of."""
