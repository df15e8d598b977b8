"""Times the usual Python tools on the samples of a folder; prints JSON lines.

A tool that does not import is named with the reason. Used by
`npm run bench statistics`.
"""
import importlib.abc
import importlib.machinery
import json
import sys
import time
import types

folder, resamples = sys.argv[1], int(sys.argv[2])


class _Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for packages that obp imports and its estimators never call."""

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ("torch", "seaborn", "matplotlib"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__getattr__ = lambda name: _Anything(name, (), {})
        return module

    def exec_module(self, module):
        pass


sys.meta_path.append(_Absent())


def measure(tool, name, work):
    try:
        work()
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            value = work()
            best = min(best, time.perf_counter() - started)
        line = {"tool": tool, "name": name, "ms": best * 1000, "value": float(value)}
    except Exception as error:  # a peer that fails is named, not fatal
        line = {"tool": tool, "name": name, "absent": f"{type(error).__name__}: {error}"}
    print(json.dumps(line), flush=True)


def read(name):
    import numpy

    return numpy.fromfile(f"{folder}/{name}.f64")


def scipy_stats(compute):
    def work():
        from scipy import stats

        return compute(stats, read("a"), read("b"))

    return work


def bootstrap(stats, a, b):
    import numpy

    return stats.bootstrap(
        (a[:10000],), numpy.mean, n_resamples=resamples, method="percentile", batch=100
    ).standard_error


def auc():
    from sklearn.metrics import roc_auc_score

    return roc_auc_score(read("labels"), read("scores"))


def ndcg():
    from sklearn.metrics import ndcg_score

    rows = 2000
    labels = read("labels")[: rows * 50].reshape(rows, 50)
    scores = read("scores")[: rows * 50].reshape(rows, 50)
    return ndcg_score(labels, scores, k=20)


def obp_estimator(kind):
    def work():
        import obp.ope.estimators as estimators

        rewards, actions = read("rewards"), read("actions").astype(int)
        target = read("target").reshape(len(rewards), -1, 1)
        given = dict(
            reward=rewards,
            action=actions,
            pscore=read("propensities"),
            action_dist=target,
            estimated_rewards_by_reg_model=read("predicted").reshape(target.shape),
        )
        estimator = getattr(estimators, kind)()
        return estimator.estimate_policy_value(**given)

    return work


measure("scipy", "welch", scipy_stats(lambda s, a, b: s.ttest_ind(b, a, equal_var=False).statistic))
measure("scipy", "mann-whitney", scipy_stats(lambda s, a, b: s.mannwhitneyu(b, a, method="asymptotic").statistic))
measure("scipy", "kolmogorov-smirnov", scipy_stats(lambda s, a, b: s.ks_2samp(a, b, method="asymp").statistic))
measure("scipy", "bootstrap", scipy_stats(bootstrap))
measure("scikit-learn", "auc", auc)
measure("scikit-learn", "ndcg", ndcg)
measure("obp", "ips", obp_estimator("InverseProbabilityWeighting"))
measure("obp", "snips", obp_estimator("SelfNormalizedInverseProbabilityWeighting"))
measure("obp", "dr", obp_estimator("DoublyRobust"))
