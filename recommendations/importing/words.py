"""The words that the grammar of a narrative rests on. Whole classes of English, not of single reports."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


VERBS = _words("""
    abolish accede accelerate accept account achieve acknowledge acquire act activate actively adapt add address
    adhere adjust administer adopt advance advise advocate afford aid align allocate allot allow amend analyze
    appeal apply appoint apprehend approve arrange arrest articulate ask assemble assess assign assist assure
    attempt audit augment authorize avoid award ban bar base begin bolster boost bring broaden budget build
    campaign capacitate carry cease center centralize certify change charge check clarify classify clear close
    codify collaborate collect combat commence commit communicate compel compensate compile complete comply
    compose conclude condemn conduct confirm connect consider consolidate constitute construct consult
    continue contribute convene convert convict cooperate coordinate correct counter create criminalize
    cultivate curb cut deal dedicate deepen define delegate delineate deliver demand demobilize demonstrate denounce
    deny deploy deport deregister design designate detect deter determine develop devise devote differentiate digitize
    direct disaggregate disband discipline disclose discontinue discourage discuss dismantle disseminate
    dissolve dissuade distinguish distribute document double draft draw drop earmark ease educate effect
    elaborate elevate eliminate employ empower enable enact encourage end endeavor endorse enforce engage
    enhance enlarge enlist enroll ensure enter equip eradicate escalate establish evaluate examine exclude
    execute exempt exercise expand expedite exploit explore extend extradite facilitate finalize finance find
    finish fix focus follow forbid forge form formalize formulate foster free fulfill fully fund further
    garner gather generate give grant guarantee guide halt handle harmonize harness heighten help hire hold
    host house identify immediately impartially implement impose improve include incorporate increase
    inform initiate inspect institute institutionalize instruct integrate intensify interview introduce
    invest investigate invite involve issue join keep launch lead legislate lessen leverage liberalize license lift limit link
    locate look lower maintain make manage mandate map maximize measure meet minimize mitigate mobilize
    modernize modify monitor motivate move name negotiate notify nullify observe obtain offer open operate
    operationalize optimize order organize orient outlaw overcome overhaul oversee partner pass pay penalize
    perform permit persist persuade pilot place plan pledge post practice prepare prescribe present preserve press
    pressure prevent prioritize proactively proceed process procure produce professionalize prohibit
    promote promptly promulgate propose proscribe prosecute protect prove provide publicize publicly publish punish
    pursue put raise ramp ratify reach re-establish re-evaluate realize reassess receive recognize recommend
    reconcile reconvene record recruit rectify redefine redouble redress reduce reestablish reevaluate refer
    refine reform refrain register regularize regularly regulate rehabilitate reimburse reinforce
    reinstate reinstitute reintegrate reinvigorate release remain remedy remove renew renovate reopen repair repatriate repeal
    replace report request require rescind research resolve resource respect respond restart restore
    restrict restructure result resume retain retrain return revamp review revise revitalize revive revoke
    roll safeguard sanction scale schedule screen search secure seek select send sensitize sentence separate
    serve set share show shut sign simplify solicit solve speed spend sponsor staff standardize start
    state stiffen stop streamline strengthen stress strive structure study submit subsidize substantially supervise supplement
    supply support suspend sustain swiftly systematically systematize tackle tailor take target task teach terminate test tighten
    toughen track train transfer translate transmit transparently transport treat triple undertake unify
    update upgrade uphold urge use utilize vacate validate verify vet vigorously visit waive warn widen withdraw work
    write
    """)

ADVERBS = _words("also better further more not never once again soon then together and or")

# Verbs that a sentence of prose may begin with as nouns, when such a word follows: "Support for victims".
ALSO_NOUNS = _words("""
    address aid appeal arrest audit ban budget campaign change charge check commit compensate contribute control
    demand document draft end exercise focus form fund further guide help house increase issue lead license
    limit link look mandate measure name offer order partner place plan pledge post practice present press
    pressure process produce progress project record reform release repair report request research resource
    respect result return review sanction scale schedule screen search separate sentence set share show staff
    start state stop stress structure study supply support target task test track train transfer transport
    treat use visit work
    """)
AFTER_A_NOUN = _words("""
    of by from for was were is are has had have remained remains indicated indicates found showed shows did does
    included includes agencies groups services providers officials authorities
    """)

# What opens a sentence of prose.
SUBJECTS = _words("""
    the a an this these those that it its they their he she his her there both some many most several few each
    every no none all any such other another authorities officials police prosecutors courts judges observers
    ngos media victims traffickers children women men civil-society experts diplomats law laws article articles
    however additionally moreover furthermore nevertheless nonetheless therefore although though because
    according overall similarly separately finally meanwhile we i our who what where
    """)
PRONOUNS = _words("it they he she we i this these those there")
# What the report's own prose opens with, a word or two of it.
GOVERNMENT_SUBJECTS = frozenset(
    (
        *(
            "the government",
            "government officials",
            "the authorities",
            "authorities",
            "officials",
            "the police",
        ),
        *("law enforcement", "the law", "the penal", "the constitution", "the trafficking", "the anti"),
        *("the national", "the federal", "the interagency", "the ministry", "the department"),
        *("the republic", "the royal", "the kingdom"),
    )
)

# Words that open a clause before the order itself, or before the subject of prose.
CLAUSE_OPENERS = _words("""
    while using in with through as consistent pursuant following to given where without by once after until
    under for within when if on upon at from building based despite since during among before throughout per
    drawing recognizing taking respecting if unless across
    """)

# A verb in a finite form near the beginning marks a statement.
FINITE = _words("""
    is are was were has had have did does do made remained remains continued continues reported reports maintained
    increased decreased sustained criminalized criminalizes prohibited prohibits demonstrated provided provides
    prosecuted investigated identified conducted allowed required requires lacked took gave became began held
    said stated noted alleged fails failed can could may might will would must exploit exploits
    """)

# A full stop after one of these ends no sentence.
ABBREVIATIONS = _words("""
    art arts no nos sec secs st sts dr mr mrs ms gen col lt sgt rep sen inc ltd co corp v vs e.g i.e para paras
    pp vol cf approx dept gov prof hon jan feb mar apr jun jul aug sept oct nov dec ch cl reg ph.d fig
    """)
