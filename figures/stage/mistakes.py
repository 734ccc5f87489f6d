"""What is said of each mistake: what the number looks like | and why that is wrong."""


SUM = ("all {m} samples were added up | The cost is the mean of their losses, so this is a mean, "
       "too: divide by m = {m}.")
ONE_SAMPLE = "this is one sample alone | It is the mean over all {m} of them."
ADDED = ("the step was added | The gradient points to where the cost grows, so the step goes the "
         "other way: it is subtracted.")
RATE = ("η was forgotten, and the whole gradient subtracted | The step is the learning rate times "
        "the gradient.")
UNCHANGED = "this is the old value | It still has to take its step against the gradient."
ALONE = ("this is the step alone | The new value is the old one, minus the step: a gradient says "
         "how to change a parameter, not what it becomes.")
GRADIENT = ("this is the gradient | The gradient is not the step, and the step is not the new "
            "value: that is the old value minus η times the gradient.")
OPPOSITE = "the sign is the wrong way round | The size is right."

SENTENCES = {  # looks as if ... | why that is wrong
    ("slope_forgotten", "delta"):
        "f' was forgotten | What arrives at a still has to go back through the unit: it is "
        "multiplied by the slope of {f} at this z, by how much a moves when z moves.",
    ("target_first", "delta"):
        "this is target minus output | δ says how fast the loss grows with z: an output above its "
        "target has a positive error, so it is output minus target.",
    ("transposed", "delta"):
        "W was used in the place of Wᵀ | A unit gets its error back over the connections that "
        "leave it: they are a column of W, which is a row of Wᵀ.",
    ("transposed", "z"):
        "Wᵀ was used in the place of W | On the way up a unit adds what arrives at it: its weights "
        "are a row of W.",
    ("transposed", "u"):
        "Wᵀ was used in the place of W | On the way up a unit adds what arrives at it: its weights "
        "are a row of W.",
    ("new_weights", "delta"):
        "the new weights of {above} were used | The whole backward pass uses the weights of the "
        "forward pass: it asks how the cost of just now came about. All updates come after it.",
    ("bias_forgotten", "z"):
        "the bias was forgotten | After the products of weights and activations, the unit adds its "
        "own bias.",
    ("z_for_a", "a"):
        "this is z itself | It has not gone through {f} yet.",
    ("z_for_a", "z"):
        "z of {below} was taken for its a | What a unit sends on is its activation.",
    ("z_for_a", "u"):
        "z of {below} was taken for its a | What a unit sends on is its activation.",
    ("z_for_a", "C"):
        "z of the outputs was taken for their a | The loss compares what {f} makes of z.",
    ("z_for_a", "delta"):
        "z was compared with the target | The output is a, what {f} makes of z.",
    ("z_for_a", "dW"):
        "z of {below} was taken for its a | What the weight carries is the activation.",
    ("sum_for_mean", "dW"): SUM, ("sum_for_mean", "db"): SUM, ("sum_for_mean", "C"): SUM,
    ("delta_itself", "dW"):
        "this is δ | δ belongs to a unit. The gradient of a weight is δ times the activation that "
        "the weight carries, as a mean over the samples.",
    ("a_forgotten", "dW"):
        "a was forgotten | The mean of δ alone is the gradient of the bias. A weight's gradient "
        "also has the activation that it carries.",
    ("added", "W"): ADDED, ("added", "b"): ADDED,
    ("rate_forgotten", "W"): RATE, ("rate_forgotten", "b"): RATE,
    ("unchanged", "W"): UNCHANGED, ("unchanged", "b"): UNCHANGED,
    ("step_alone", "W"): ALONE, ("step_alone", "b"): ALONE,
    ("gradient_alone", "W"): GRADIENT, ("gradient_alone", "b"): GRADIENT,
    ("skip_forgotten", "a"):
        "this is only what the layer itself adds | The residual connection keeps a of {below}, "
        "and the layer adds to it.",
    ("skip_forgotten", "delta"):
        "only the path through the weights was counted | The error also comes down the residual "
        "connection, around {above}.",
    ("spread_kept", "n"):
        "the mean was subtracted, and no more | The rest is divided by its spread σ.",
    ("mean_kept", "n"):
        "u was divided by σ, and no more | The mean is subtracted first.",
    ("delta_for_du", "du"):
        "this is δ | It still has to go back through the normalisation.",
    ("delta_for_du", "dW"):
        "δ was taken for du | The weights stand before the normalisation, so what counts is the "
        "error that has come back through it.",
    ("factor_of_square", "C"):
        "the ½ was forgotten | This loss is half the square.",
    ("factor_of_square", "delta"):
        "a factor of 2 is off | The slope of a square has a 2, which only a ½ in front of the "
        "square cancels: look at the loss, {loss}.",
    ("outputs_summed", "C"):
        "the {K} outputs were added up | This loss is a mean over its outputs: divide by {K}.",
    ("outputs_summed", "delta"):
        "the {K} outputs were not averaged | This loss is a mean over its outputs: divide by {K}.",
    ("slope_twice", "delta"):
        "f' was multiplied once too often | For {f} with {loss} output minus target is δ already: "
        "f' is contained in it.",
    ("one_path", "delta"):
        "only one path was counted | This unit has a part in all {paths} units of {above}, and the "
        "errors come back over all of these paths: they are added.",
    ("one_path", "z"):
        "only one product was counted | All {terms} products of a weight and what arrives are "
        "added.",
    ("one_path", "u"):
        "only one product was counted | All {terms} products of a weight and what arrives are "
        "added.",
    ("one_sample", "dW"): ONE_SAMPLE, ("one_sample", "db"): ONE_SAMPLE,
    ("one_sample", "C"): ONE_SAMPLE,
    ("slope_at_a", "delta"):
        "f' was taken at a | The slope of {f} is needed where the unit stands: at its z.",
    **{("opposite", symbol): OPPOSITE
       for symbol in ("u", "n", "z", "a", "C", "delta", "du", "dW", "db", "W", "b")},
}
