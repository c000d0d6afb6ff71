# SPDX-License-Identifier: MIT
"""Random legal configurations of every family, for random_checkpoints.py.

draw(family, rng) gives a Draw: the keys of the configuration, how long a text may be, what the tokeniser adds, and how an
older release would have spelled the same configuration.
"""
from dataclasses import dataclass, field

ACTIVATIONS = ["gelu", "gelu_10", "gelu_fast", "gelu_new", "gelu_python", "gelu_pytorch_tanh", "gelu_python_tanh",
               "gelu_accurate", "hardswish", "laplace", "leaky_relu", "linear", "mish", "quick_gelu", "relu", "relu2",
               "relu6", "sigmoid", "silu", "sqrtsoftplus", "swish", "tanh"]
# What changes no number: keys of every family, of early releases, or of no meaning to this one.
IDLE = {"chunk_size_feed_forward": 3, "output_attentions": True, "use_cache": False, "pruned_heads": {}, "torchscript": False,
        "use_bfloat16": True, "auto_map": {"AutoModel": "modeling_own.OwnModel"}, "finetuning_task": "mnli", "_num_labels": 7,
        "length_penalty": 2.0, "attn_implementation": "eager", "quantization_config": None, "per_layer_config": None,
        "custom_pipelines": {}, "repetition_penalty": 1.3, "is_causal": True}
COMMON = ["gelu", "gelu_new", "relu", "silu", "swish", "gelu_pytorch_tanh"]


@dataclass
class Draw:
    keys: dict
    longest: int
    pad: int | None
    words: int  # ids that the tokeniser may use
    begin: int | None = None  # special tokens around a text
    end: int | None = None
    pairs: str = ""  # "", "bert" or "roberta": how a pair is joined
    types: bool = False  # token types reach the model
    old: dict = field(default_factory=dict)  # instead of `drop`
    drop: list = field(default_factory=list)


def common_words(rng, drawn, words):
    """In an old spelling, sizes under the words that most families use for them."""
    chosen = [own for own in words if own in drawn.keys and rng.random() < 0.3]
    drawn.drop += chosen
    drawn.old.update({words[own]: drawn.keys[own] for own in chosen})


def activation(rng):
    return rng.choice(COMMON if rng.random() < 0.5 else ACTIVATIONS)


def special_ids(rng, words, pad_choices):
    """Padding, begin, end and the unknown token: distinct, anywhere."""
    ids = rng.sample(range(words), 4)
    pad = rng.choice(pad_choices)
    if pad == "any":
        pad = ids[0]
    rest = [i for i in ids[1:] if i != pad]
    while len(rest) < 3:
        extra = rng.randrange(words)
        if extra != pad and extra not in rest:
            rest.append(extra)
    return pad, rest[0], rest[1]


def bert_like(rng, family, pad_choices):
    heads = rng.choice([1, 2, 3, 4, 5, 6])
    size = heads * rng.choice([2, 3, 4, 5, 7, 8, 12, 16, 17, 32, 64])
    words = rng.randint(24, 70)
    pad, begin, end = special_ids(rng, words, pad_choices)
    positions = rng.choice([16, 24, 33, 41, 70, 150])
    keys = dict(vocab_size=words + rng.choice([0, 0, 3]), hidden_size=size, num_hidden_layers=rng.randint(1, 4),
                num_attention_heads=heads, intermediate_size=rng.randint(5, 70), max_position_embeddings=positions,
                hidden_act=activation(rng), layer_norm_eps=rng.choice([1e-12, 1e-5, 1e-3, 1e-7]), pad_token_id=pad,
                type_vocab_size=rng.choice([1, 2, 2, 3]), hidden_dropout_prob=rng.choice([0.0, 0.1, 0]),
                classifier_dropout=rng.choice([None, 0.0, 0.3]))
    types = family in ("bert", "electra", "albert", "deberta-v2") and rng.random() < 0.8
    return Draw(keys, positions, pad, words, begin, end, "bert", types)


def bert(rng):
    drawn = bert_like(rng, "bert", [0, 0, None, "any"])
    drawn.old = {"position_embedding_type": "absolute", "gradient_checkpointing": False, "directionality": "bidi",
                 "pooler_fc_size": 768, "pooler_type": "first_token_transform"}
    return drawn


def roberta(rng):
    drawn = bert_like(rng, "roberta", [1, 1, "any", 0])
    keys = drawn.keys
    keys["max_position_embeddings"] = drawn.longest + drawn.pad + 1
    drawn.pairs, drawn.types = "roberta", False
    drawn.old = {"position_embedding_type": "absolute", "output_past": True}
    return drawn


def distilbert(rng):
    drawn = bert_like(rng, "distilbert", [0, 0, None, "any"])
    keys = drawn.keys
    drawn.keys = dict(vocab_size=keys["vocab_size"], dim=keys["hidden_size"], n_layers=keys["num_hidden_layers"],
                      n_heads=keys["num_attention_heads"], hidden_dim=keys["intermediate_size"],
                      max_position_embeddings=drawn.longest, activation=keys["hidden_act"],
                      pad_token_id=keys["pad_token_id"], sinusoidal_pos_embds=rng.random() < 0.3,
                      seq_classif_dropout=rng.choice([0.0, 0.2]))
    if drawn.keys["sinusoidal_pos_embds"] and keys["hidden_size"] % 2:
        drawn.keys["sinusoidal_pos_embds"] = False
    drawn.old = {"tie_weights_": True, "qa_dropout": 0.1}
    common_words(rng, drawn, {"dim": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads"})
    return drawn


def electra(rng):
    drawn = bert_like(rng, "electra", [0, 0, None, "any"])
    drawn.keys["embedding_size"] = rng.choice([drawn.keys["hidden_size"], 7, 16, 24])
    drawn.keys.update(summary_type=rng.choice(["first", "last", "mean"]), summary_activation="gelu",
                      summary_use_proj=rng.random() < 0.5)
    drawn.old = {"position_embedding_type": "absolute", "summary_last_dropout": 0.1}
    return drawn


def albert(rng):
    drawn = bert_like(rng, "albert", [0, 0, None, "any"])
    keys = drawn.keys
    keys.pop("classifier_dropout")
    layers = rng.randint(1, 6)
    keys.update(num_hidden_layers=layers, num_hidden_groups=rng.randint(1, layers), inner_group_num=rng.choice([1, 1, 2, 3]),
                embedding_size=rng.choice([keys["hidden_size"], 6, 13, 16]), classifier_dropout_prob=0.1)
    drawn.old = {"down_scale_factor": 1, "gap_size": 0, "net_structure_type": 0, "num_memory_blocks": 0,
                 "position_embedding_type": "absolute"}
    return drawn


def deberta(rng):
    drawn = bert_like(rng, "deberta-v2", [0, 0, None, "any"])
    keys = drawn.keys
    keys.pop("classifier_dropout")
    size = keys["hidden_size"]
    keys["type_vocab_size"] = rng.choice([0, 0, 2])
    drawn.types = keys["type_vocab_size"] > 0 and rng.random() < 0.8
    keys.update(position_biased_input=rng.random() < 0.3, pooler_dropout=rng.choice([0, 0.1]),
                pooler_hidden_act=activation(rng), relative_attention=rng.random() < 0.85)
    if rng.random() < 0.5:
        keys["cls_dropout"] = 0.1
    kinds = rng.choice([["p2c", "c2p"], ["c2p", "p2c"], ["c2p"], ["p2c"], ["c2p", "p2c", "p2p"], [], None])
    keys["pos_att_type"] = "|".join(kinds) if kinds and rng.random() < 0.4 else kinds
    if rng.random() < 0.6:
        keys["share_att_key"] = rng.random() < 0.7
    if rng.random() < 0.6:
        keys["position_buckets"] = rng.choice([2, 3, 4, 6, 8, 16, 256, -1, 0])
    if rng.random() < 0.6:
        keys["max_relative_positions"] = rng.choice([-1, 5, 9, 24, 64, 0])
    if rng.random() < 0.6:
        keys["norm_rel_ebd"] = rng.choice(["layer_norm", "none", "layer_norm|none"])
    if rng.random() < 0.5:
        keys["conv_kernel_size"] = rng.choice([0, 1, 3, 3, 5])
        if rng.random() < 0.7:
            keys["conv_act"] = activation(rng)
        if rng.random() < 0.4:
            keys["conv_groups"] = rng.choice([g for g in (1, 2, 3, 5) if size % g == 0])
    if rng.random() < 0.3:
        keys["attention_head_size"] = rng.choice([2, 3, 5, 8])
    if rng.random() < 0.3:
        keys["embedding_size"] = rng.choice([size, 7, 16])
    drawn.old = {"pooler_hidden_size": size, "legacy": True}
    return drawn


def rope(rng, size, positions, allowed=("default", "linear", "dynamic", "llama3", "yarn", "longrope")):
    """A block of rope_parameters, and how long a text may be."""
    kind = rng.choice(allowed)
    block = {"rope_type": kind, "rope_theta": rng.choice([100.0, 10000.0, 500, 1e6])}
    original = rng.choice([6, 8, 10, 12])
    factor = rng.choice([1.0, 1.5, 2.0, 4, 8.0])
    longest = positions
    if kind in ("linear", "dynamic"):
        block["factor"] = factor
        longest = int(positions * factor)
    elif kind == "llama3":
        low = rng.choice([0.5, 1.0, 1])
        block.update(factor=factor, low_freq_factor=low, high_freq_factor=low + rng.choice([1, 2.0, 3.0]),
                     original_max_position_embeddings=original)
    elif kind == "yarn":
        block.update(factor=factor, original_max_position_embeddings=original)
        for key, choices in dict(beta_fast=[32, 4.0, 2], beta_slow=[1, 0.5], truncate=[True, False],
                                 attention_factor=[None, 1.3, 1.0], mscale=[1.0, 0.7], mscale_all_dim=[0.8, 1.0, 0.0]).items():
            if rng.random() < 0.4:
                block[key] = rng.choice(choices)
    elif kind == "longrope":
        half = size // 2
        block.update(short_factor=[round(rng.uniform(1, 2), 3) for _ in range(half)],
                     long_factor=[round(rng.uniform(1, 8), 3) for _ in range(half)],
                     original_max_position_embeddings=original)
        if rng.random() < 0.6:
            block["factor"] = factor
        if rng.random() < 0.3:
            block["attention_factor"] = rng.choice([1.0, 1.2])
    if rng.random() < 0.15:
        block.pop("original_max_position_embeddings", None)  # the positions stand for it
    return block, min(max(longest, positions), max(90, positions))


def old_rope(block):
    """The spelling of 4.x."""
    old = {"rope_theta": block["rope_theta"]}
    scaling = {key: value for key, value in block.items() if key not in ("rope_theta", "partial_rotary_factor")}
    if scaling.get("rope_type") == "default":
        return {**old, "rope_scaling": None}
    return {**old, "rope_scaling": scaling}


def window_types(rng, layers):
    return [rng.choice(["full_attention", "sliding_attention"]) for _ in range(layers)]


def modernbert(rng):
    drawn = bert_like(rng, "modernbert", [0, "any", "any", None])
    base = drawn.keys
    heads = base["num_attention_heads"]
    size = heads * rng.choice([2, 4, 6, 8, 12, 16])
    layers = rng.randint(1, 5)
    keys = dict(vocab_size=base["vocab_size"], hidden_size=size, intermediate_size=base["intermediate_size"],
                num_hidden_layers=layers, num_attention_heads=heads, hidden_activation=activation(rng),
                max_position_embeddings=drawn.longest, norm_eps=base["layer_norm_eps"], pad_token_id=drawn.pad,
                bos_token_id=drawn.begin, eos_token_id=drawn.end, cls_token_id=drawn.begin, sep_token_id=drawn.end,
                local_attention=rng.choice([0, 2, 4, 6, 7, 11, 20, 128]),
                classifier_pooling=rng.choice(["cls", "mean"]), classifier_activation=activation(rng))
    for key in ("norm_bias", "attention_bias", "mlp_bias", "classifier_bias"):
        if rng.random() < 0.5:
            keys[key] = rng.random() < 0.5
    spelling = rng.choice(["new", "every", "theta", "types"])
    if spelling == "new":
        kinds = ("default", "linear", "dynamic", "yarn", "llama3")
        keys["rope_parameters"] = {kind: rope(rng, size // heads, drawn.longest, kinds)[0]
                                   for kind in ("full_attention", "sliding_attention")}
    if spelling in ("new", "types"):
        keys["layer_types"] = window_types(rng, layers)
    else:
        keys["global_attn_every_n_layers"] = rng.choice([1, 2, 3, 4])
    if spelling in ("theta", "types"):
        keys.update(global_rope_theta=rng.choice([160000.0, 300.0]), local_rope_theta=rng.choice([10000.0, 50.0, None]))
    drawn.keys, drawn.types = keys, False
    if spelling in ("every", "theta"):
        drawn.drop = ["layer_types", "rope_parameters"]
        drawn.old = {key: keys[key] for key in ("global_attn_every_n_layers", "global_rope_theta", "local_rope_theta")
                     if key in keys}
        drawn.old.update(position_embedding_type="absolute", reference_compile=False, layer_norm_eps=1e-5)
    return drawn


def gpt2(rng):
    heads = rng.choice([1, 2, 3, 4, 5])
    words = rng.randint(24, 70)
    pad, begin, end = special_ids(rng, words, [None, None, "any", 0])
    positions = rng.choice([16, 24, 41])
    if rng.random() < 0.2:
        pad = end
    keys = dict(vocab_size=words + rng.choice([0, 0, 3]), n_embd=heads * rng.choice([2, 3, 5, 8, 12]),
                n_layer=rng.randint(1, 4), n_head=heads, n_positions=positions, n_inner=rng.choice([None, 20, 33]),
                activation_function=activation(rng), layer_norm_epsilon=rng.choice([1e-5, 1e-3, 1e-12]),
                scale_attn_weights=rng.random() < 0.8, scale_attn_by_inverse_layer_idx=rng.random() < 0.3,
                reorder_and_upcast_attn=rng.random() < 0.2, pad_token_id=pad, bos_token_id=begin, eos_token_id=end,
                tie_word_embeddings=rng.random() < 0.7, summary_type="cls_index", summary_proj_to_labels=True)
    drawn = Draw(keys, positions, pad, words, rng.choice([None, begin]), rng.choice([None, end]),
                 old={"n_ctx": positions, "task_specific_params": {"text-generation": {"max_length": 50}}})
    common_words(rng, drawn, {"n_embd": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
                              "n_positions": "max_position_embeddings"})
    return drawn


def llama_like(rng, pads=(None, None, "any", 0, -1), activation_key="hidden_act"):
    words = rng.randint(24, 70)
    pad, begin, end = special_ids(rng, words, list(pads))
    key_heads = rng.choice([1, 1, 2, 3])
    heads = key_heads * rng.choice([1, 2, 3, 4])
    head = rng.choice([2, 4, 6, 8, 12, 16, 32, 64])
    positions = rng.choice([12, 24, 40, 130])
    if rng.random() < 0.2:
        pad = end
    keys = dict(vocab_size=words + rng.choice([0, 0, 3]), hidden_size=heads * head, intermediate_size=rng.randint(5, 50),
                num_hidden_layers=rng.randint(1, 4), num_attention_heads=heads, num_key_value_heads=key_heads,
                max_position_embeddings=positions, rms_norm_eps=rng.choice([1e-6, 1e-5, 1e-3]), pad_token_id=pad,
                bos_token_id=begin, eos_token_id=end, tie_word_embeddings=rng.random() < 0.5)
    keys[activation_key] = activation(rng)
    if rng.random() < 0.15:
        keys["eos_token_id"] = [end, begin]
    old = {}
    if key_heads == heads and rng.random() < 0.5:
        old["num_key_value_heads"] = None
    drawn = Draw(keys, positions, pad if pad != -1 else None, words, rng.choice([None, begin]), rng.choice([None, end]),
                 old=old)
    return drawn, head


def with_rope(rng, drawn, head, **allowed):
    if rng.random() < 0.75:
        block, drawn.longest = rope(rng, head, drawn.keys["max_position_embeddings"], **allowed)
        if block["rope_type"] == "dynamic" and head == 2:
            block["rope_type"] = "linear"
        drawn.keys["rope_parameters"] = block
        drawn.old.update(old_rope(block))
        if drawn.old["rope_scaling"] and rng.random() < 0.3:
            drawn.old["rope_scaling"]["type"] = block["rope_type"]
        if block["rope_type"] == "linear" and rng.random() < 0.5:
            drawn.old["rope_scaling"] = {"type": "linear", "factor": block["factor"]}
        if block["rope_type"] == "dynamic" and rng.random() < 0.5:
            drawn.old["rope_scaling"] = {"type": "dynamic", "factor": block["factor"]}
        drawn.drop.append("rope_parameters")
        if rng.random() < 0.15:
            drawn.keys["original_max_position_embeddings"] = rng.choice([6, 9, 12])


def own_head_size(rng, drawn, head, chance=0.4):
    if rng.random() < chance:
        head = rng.choice([2, 4, 6, 10, 16, 32])
        drawn.keys["head_dim"] = head
    elif rng.random() < 0.3:
        drawn.old["head_dim"] = None
    return head


def llama(rng):
    drawn, head = llama_like(rng)
    head = own_head_size(rng, drawn, head)
    drawn.keys.update(attention_bias=rng.random() < 0.3, mlp_bias=rng.random() < 0.3)
    with_rope(rng, drawn, head)
    drawn.old["pretraining_tp"] = 1
    return drawn


def mistral(rng):
    drawn, head = llama_like(rng)
    head = own_head_size(rng, drawn, head)
    drawn.keys["sliding_window"] = rng.choice([None, 1, 2, 3, 5, 8, 17, 4096])
    with_rope(rng, drawn, head)
    return drawn


def qwen_windows(rng, drawn):
    keys = drawn.keys
    layers = keys["num_hidden_layers"]
    kind = rng.choice(["off", "on", "types", "off with window"])
    if kind != "off":
        keys.update(use_sliding_window=kind != "off with window", sliding_window=rng.choice([1, 2, 4, 6, 9]),
                    max_window_layers=rng.choice([0, 1, 2, layers]))
        drawn.old.update({key: keys[key] for key in ("use_sliding_window", "sliding_window", "max_window_layers")})
    if kind == "types":
        keys["layer_types"] = window_types(rng, layers)
        if "sliding_attention" not in keys["layer_types"]:
            keys["layer_types"][0] = "sliding_attention"
    else:
        drawn.drop.append("layer_types")


def qwen2(rng):
    drawn, head = llama_like(rng)
    head = own_head_size(rng, drawn, head, 0.2)
    qwen_windows(rng, drawn)
    with_rope(rng, drawn, head)
    return drawn


def qwen3(rng):
    drawn, head = llama_like(rng)
    head = own_head_size(rng, drawn, head, 1)
    drawn.keys["attention_bias"] = rng.random() < 0.3
    qwen_windows(rng, drawn)
    with_rope(rng, drawn, head)
    return drawn


def gemma(rng):
    drawn, head = llama_like(rng, pads=(0, 0, "any", None))
    head = own_head_size(rng, drawn, head, 1)
    drawn.keys["attention_bias"] = rng.random() < 0.3
    with_rope(rng, drawn, head)
    drawn.old["hidden_activation"] = None
    return drawn


def gemma_later(rng):
    drawn, head = llama_like(rng, pads=(0, 0, "any", None), activation_key="hidden_activation")
    head = own_head_size(rng, drawn, head, 1)
    keys = drawn.keys
    keys.update(attention_bias=rng.random() < 0.3, query_pre_attn_scalar=rng.choice([1, 4, 7, 144, 256]),
                final_logit_softcapping=rng.choice([None, 1.5, 30.0]), sliding_window=rng.choice([1, 2, 4, 7, 16]))
    return drawn, head


def gemma2(rng):
    drawn, head = gemma_later(rng)
    drawn.keys["attn_logit_softcapping"] = rng.choice([None, 0.8, 50.0])
    if rng.random() < 0.4:
        drawn.keys["layer_types"] = window_types(rng, drawn.keys["num_hidden_layers"])
    else:
        drawn.drop.append("layer_types")
    with_rope(rng, drawn, head)
    drawn.old.update(hidden_act=drawn.keys["hidden_activation"], cache_implementation="hybrid")
    return drawn


def gemma3(rng):
    drawn, head = gemma_later(rng)
    keys = drawn.keys
    kinds = ("default", "linear", "llama3") if head == 2 else ("default", "linear", "dynamic", "llama3", "yarn")
    spelling = rng.choice(["new", "types", "pattern"])
    if spelling == "pattern":
        keys["sliding_window_pattern"] = rng.choice([1, 2, 3, 6])
        drawn.drop += ["layer_types", "rope_parameters"]
        drawn.old = dict(sliding_window_pattern=keys["sliding_window_pattern"],
                         rope_theta=rng.choice([1e6, 300.0]), rope_local_base_freq=rng.choice([1e4, 40.0]),
                         rope_scaling=rng.choice([None, {"rope_type": "linear", "factor": 8.0}]))
        keys.update({key: drawn.old[key] for key in ("rope_theta", "rope_local_base_freq")})
        if drawn.old["rope_scaling"]:
            keys["rope_scaling"] = drawn.old["rope_scaling"]
    else:
        keys["layer_types"] = window_types(rng, keys["num_hidden_layers"])
    if spelling == "new":
        keys["rope_parameters"] = {kind: rope(rng, head, drawn.longest, kinds)[0]
                                   for kind in ("full_attention", "sliding_attention")}
    keys["use_bidirectional_attention"] = rng.random() < 0.15
    return drawn


def phi3(rng):
    drawn, head = llama_like(rng, pads=(None, "any", 0))
    keys = drawn.keys
    keys["sliding_window"] = rng.choice([None, None, 1, 3, 5, 9])
    keys["resid_pdrop"] = 0.0
    share = rng.choice([1.0, 1.0, 0.5, 0.75])
    half = int(head * share) // 2
    if half == 0 or int(head * share) % 2:
        share, half = 1.0, head // 2
    kind = rng.choice(["default", "longrope", "none"])
    if kind != "none":
        block = {"rope_type": kind, "rope_theta": rng.choice([100.0, 10000.0])}
        if share != 1 or rng.random() < 0.3:
            block["partial_rotary_factor"] = share
        if kind == "longrope":
            block.update(short_factor=[round(rng.uniform(1, 2), 3) for _ in range(half)],
                         long_factor=[round(rng.uniform(1, 8), 3) for _ in range(half)])
        keys["rope_parameters"] = block
        keys["original_max_position_embeddings"] = rng.choice([6, 10, 12])
        drawn.old.update(old_rope(block), **({"partial_rotary_factor": share} if "partial_rotary_factor" in block else {}))
        if kind == "longrope":
            drawn.old["rope_scaling"]["type"] = drawn.old["rope_scaling"].pop("rope_type")
            if rng.random() < 0.4:
                drawn.old["rope_scaling"]["type"] = "su"
        drawn.drop.append("rope_parameters")
    return drawn


def encoder_decoder_ids(rng, pads):
    words = rng.randint(24, 60)
    pad, begin, end = special_ids(rng, words, pads)
    return words, pad, begin, end


def t5(rng):
    words, pad, begin, end = encoder_decoder_ids(rng, [0, 0, "any"])
    act = activation(rng)
    keys = dict(vocab_size=words + rng.choice([0, 0, 3]), d_model=rng.choice([7, 12, 16, 24, 33]), d_kv=rng.choice([2, 3, 5, 6, 8, 16, 64]),
                d_ff=rng.randint(5, 50), num_layers=rng.randint(1, 3), num_heads=rng.choice([1, 2, 3, 4]),
                relative_attention_num_buckets=rng.choice([4, 7, 8, 12, 32]),
                pad_token_id=pad, eos_token_id=end,
                decoder_start_token_id=rng.choice([pad, pad, begin]), layer_norm_epsilon=rng.choice([1e-6, 1e-3]),
                feed_forward_proj=rng.choice([act, f"gated-{act}"]), classifier_dropout=rng.choice([0.0, 0.1]))
    keys["relative_attention_max_distance"] = keys["relative_attention_num_buckets"] // 2 + rng.choice([1, 8, 20, 112])
    if rng.random() < 0.5:
        keys["num_decoder_layers"] = rng.randint(1, 3)
    if rng.random() < 0.6:
        keys["tie_word_embeddings"] = rng.random() < 0.5
    drawn = Draw(keys, rng.choice([20, 40, 70, 150]), pad, words, None, end, "bert",
                 old={"output_past": True, "n_positions": 512}, drop=["dense_act_fn", "is_gated_act"])
    common_words(rng, drawn, {"d_model": "hidden_size", "num_heads": "num_attention_heads", "d_kv": "head_dim",
                              "num_layers": "num_hidden_layers"})
    return drawn


def bart_like(rng, pads):
    words, pad, begin, end = encoder_decoder_ids(rng, pads)
    first, second = rng.choice([(1, 2), (2, 3), (3, 3), (4, 2), (1, 1), (5, 2)])
    positions = rng.choice([16, 24, 40])
    keys = dict(vocab_size=words + rng.choice([0, 0, 3]), d_model=first * second * rng.choice([2, 3, 4, 5, 8]),
                encoder_layers=rng.randint(1, 3), decoder_layers=rng.randint(1, 3), encoder_attention_heads=first,
                decoder_attention_heads=second, encoder_ffn_dim=rng.randint(5, 50), decoder_ffn_dim=rng.randint(5, 50),
                max_position_embeddings=positions, activation_function=activation(rng), pad_token_id=pad,
                bos_token_id=begin, eos_token_id=end, decoder_start_token_id=rng.choice([end, pad, begin]),
                forced_eos_token_id=end, scale_embedding=rng.random() < 0.5, classifier_dropout=rng.choice([0.0, 0.1]))
    if rng.random() < 0.4:
        keys["tie_word_embeddings"] = rng.random() < 0.3
    return Draw(keys, positions, pad, words, None, end, "bert")


def bart_words(rng, drawn):
    common_words(rng, drawn, {"d_model": "hidden_size", "encoder_layers": "num_hidden_layers",
                              "encoder_attention_heads": "num_attention_heads"})
    return drawn


def bart(rng):
    drawn = bart_like(rng, [1, 1, "any", 0])
    drawn.begin = drawn.keys["bos_token_id"]
    drawn.pairs = "roberta"
    drawn.old = {"normalize_before": False, "normalize_embedding": True, "add_final_layer_norm": False,
                 "add_bias_logits": False, "static_position_embeddings": False, "extra_pos_embeddings": 2,
                 "classif_dropout": 0.0, "num_hidden_layers": drawn.keys["encoder_layers"]}
    return bart_words(rng, drawn)


def mbart(rng):
    drawn = bart_like(rng, [1, 1, "any"])
    drawn.keys["decoder_start_token_id"] = rng.choice([None, drawn.keys["decoder_start_token_id"]])
    drawn.old = {"normalize_before": True, "normalize_embedding": True, "add_final_layer_norm": True,
                 "static_position_embeddings": False, "extra_pos_embeddings": 2}
    return bart_words(rng, drawn)


def marian(rng):
    drawn = bart_like(rng, ["any"])
    keys = drawn.keys
    keys.pop("classifier_dropout")
    keys.pop("tie_word_embeddings", None)
    if rng.random() < 0.3:
        keys["tie_word_embeddings"] = rng.random() < 0.5
    keys["decoder_start_token_id"] = drawn.pad
    if rng.random() < 0.3:
        keys["share_encoder_decoder_embeddings"] = False
        keys["decoder_vocab_size"] = keys["vocab_size"] + rng.choice([0, 0, 4])
    drawn.pairs = ""
    drawn.old = {"normalize_before": False, "normalize_embedding": False, "add_final_layer_norm": False,
                 "static_position_embeddings": True, "extra_pos_embeddings": keys["vocab_size"], "add_bias_logits": False,
                 "num_beams": 4, "bad_words_ids": [[drawn.pad]]}
    return bart_words(rng, drawn)


FAMILIES = {"bert": bert, "roberta": roberta, "camembert": roberta, "xlm-roberta": roberta, "distilbert": distilbert,
            "electra": electra, "albert": albert, "deberta-v2": deberta, "modernbert": modernbert, "gpt2": gpt2,
            "llama": llama, "mistral": mistral, "qwen2": qwen2, "qwen3": qwen3, "gemma": gemma, "gemma2": gemma2,
            "gemma3_text": gemma3, "phi3": phi3, "t5": t5, "bart": bart, "mbart": mbart, "marian": marian}
DECODERS = {"gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "phi3"}
ENCODER_DECODERS = {"t5", "bart", "mbart", "marian"}


def draw_labels(rng):
    """num_labels, names and the kind of problem, as config.json says them."""
    count = rng.choice([1, 2, 3, 3, 5])
    keys = {"num_labels": count}
    if rng.random() < 0.5:
        names = rng.sample(["neg", "pos", "中性", "a b", "Other!", "x", "10"], count)
        keys = {"id2label": dict(enumerate(names)), "label2id": {name: i for i, name in enumerate(names)}}
    if rng.random() < 0.5:
        keys["problem_type"] = rng.choice([None, "multi_label_classification", "regression"] if count == 1 else
                                          [None, "single_label_classification", "multi_label_classification", "regression"])
    return keys
