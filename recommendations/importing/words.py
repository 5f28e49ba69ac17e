"""The words that the grammar of a narrative is based on: classes of English words, not of single reports."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


VERBS = _words(
    """
    abolish accede accelerate accept account achieve acknowledge acquire act activate adapt add
    address adhere adjust administer adopt advance advise advocate afford aid align allocate allot
    allow amend analyze appeal apply appoint apprehend approve arrange arrest articulate ask
    assemble assess assign assist assure attempt audit augment authorize avoid award ban bar base
    begin bolster boost bring broaden budget build campaign capacitate carry cease center centralize
    certify change charge check clarify classify clear close codify collaborate collect combat
    commence commit communicate compel compensate compile complete comply compose conclude condemn
    conduct confirm connect consider consolidate constitute construct consult continue contribute
    convene convert convict cooperate coordinate correct counter create criminalize cultivate curb
    cut deal dedicate deepen define delegate delineate deliver demand demobilize demonstrate
    denounce deny deploy deport deregister design designate detect deter determine develop devise
    devote differentiate digitize direct disaggregate disband discipline disclose discontinue
    discourage discuss dismantle disseminate dissolve dissuade distinguish distribute document
    double draft draw drop earmark ease educate effect elaborate elevate eliminate employ empower
    enable enact encourage end endeavor endorse enforce engage enhance enlarge enlist enroll ensure
    enter equip eradicate escalate establish evaluate examine exclude execute exempt exercise expand
    expedite exploit explore extend extradite facilitate finalize finance find finish fix focus
    follow forbid forge form formalize formulate foster free fulfill fund garner gather generate
    give grant guarantee guide halt handle harmonize harness heighten help hire hold host house
    identify implement impose improve include incorporate increase inform initiate inspect institute
    institutionalize instruct integrate intensify interview introduce invest investigate invite
    involve issue join keep launch lead legislate lessen leverage liberalize license lift limit link
    locate look lower maintain make manage mandate map maximize measure meet minimize mitigate
    mobilize modernize modify monitor motivate move name negotiate notify nullify observe obtain
    offer open operate operationalize optimize order organize orient outlaw overcome overhaul
    oversee partner pass pay penalize perform permit persist persuade pilot place plan pledge post
    practice prepare prescribe present preserve press pressure prevent prioritize proceed process
    procure produce professionalize prohibit promote promulgate propose proscribe prosecute protect
    prove provide publicize publish punish pursue put raise ramp ratify re-establish re-evaluate
    reach realize reassess receive recognize recommend reconcile reconvene record recruit rectify
    redefine redouble redress reduce reestablish reevaluate refer refine reform refrain register
    regularize regulate rehabilitate reimburse reinforce reinstate reinstitute reintegrate
    reinvigorate release remain remedy remove renew renovate reopen repair repatriate repeal replace
    report request require rescind research resolve resource respect respond restart restore
    restrict restructure result resume retain retrain return revamp review revise revitalize revive
    revoke roll safeguard sanction scale schedule screen search secure seek select send sensitize
    sentence separate serve set share show shut sign simplify solicit solve speed spend sponsor
    staff standardize start state stiffen stop streamline strengthen stress strive structure study
    submit subsidize supervise supplement supply support suspend sustain systematize tackle tailor
    take target task teach terminate test tighten toughen track train transfer translate transmit
    transport treat triple undertake unify update upgrade uphold urge use utilize vacate validate
    verify vet visit waive warn widen withdraw work write
    """
)

# Of an order: that something should be no more.
ENDING = _words("abolish abstain avoid cease desist discontinue eliminate end eradicate halt refrain stop")

ADVERBS = _words("also better further more not never once again soon then together and or")

# Verbs that a sentence of prose may begin with as nouns, when such a word follows: "Support for victims".
ALSO_NOUNS = _words(
    """
    address aid appeal arrest audit ban budget campaign change charge check commit compensate
    contribute control demand document draft end exercise focus form fund further guide help house
    increase issue lead license limit link look mandate measure name offer order partner place plan
    pledge post practice present press pressure process produce progress project record reform
    release repair report request research resource respect result return review sanction scale
    schedule screen search sentence separate set share show staff start state stop stress structure
    study supply support target task test track train transfer transport treat use visit work
    """
)
PLAINLY_FINITE = _words("is are was were has had have did does remained remains said")
RELATIVES = _words("who whom whose which that where when if whether so while as")
# Of those, the ones that are nouns before "for" or "from": "Demand for …", while "Screen for …" is an order.
NOUNS_BEFORE_FOR = _words("appeal demand respect request support")

# What opens a sentence of prose.
SUBJECTS = _words(
    """
    a according additionally all although an another any article articles authorities because both
    children civil-society courts diplomats each every experts few finally furthermore he her his
    however i it its judges law laws many meanwhile media men moreover most nevertheless ngos no
    none nonetheless observers officials other our overall police prosecutors separately several she
    similarly some such that the their there therefore these they this those though traffickers
    victims we what where who women
    """
)
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
CLAUSE_OPENERS = _words(
    """
    across after among as at based before building by consistent despite drawing during following
    for from given if in on once per pursuant recognizing respecting since taking through throughout
    to under unless until upon using when where while with within without
    """
)

# A verb in a finite form near the beginning marks a statement.
FINITE = _words(
    """
    alleged allowed are became began can conducted continued continues could criminalized
    criminalizes decreased demonstrated did do does exploit exploits failed fails gave had has have
    held identified increased investigated is lacked made maintained may might must noted prohibited
    prohibits prosecuted provided provides remained remains reported reports required requires said
    stated sustained took was were will would
    """
)

# A full stop after one of these ends no sentence.
ABBREVIATIONS = _words(
    """
    approx apr art arts aug cf ch cl co col corp dec dept dr e.g feb fig gen gov hon i.e inc jan jul
    jun lt ltd mar mr mrs ms no nos nov oct para paras ph.d pp prof reg rep sec secs sen sept sgt st
    sts v vol vs
    """
)
