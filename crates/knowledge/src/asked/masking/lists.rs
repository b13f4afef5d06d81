//! Names, as data: facts of public name statistics (Statistics Sweden's lists of given names and surnames), put together by
//! hand with the commonest names of the languages that are spoken here. Folded; one list for given names and one for
//! surnames that are hardly anything but names, and one for those that are also ordinary words. Surnames ending in -sson
//! and -qvist are known by a rule and stand in no list.

/// Given names that are hardly anything else.
pub(super) const GIVEN: &str = "
    ebbe adolf raoul aaron abbas abdi abdirahman abdul abdulaziz abdulla abdullah abdullahi abdulrahman abebe abel abena abraham
    abrehet abshir achieng ada adam adebayo adelina adeline adem adina adnan adrian adriana adriano agata agda agnes
    agneta agnieszka ahmad ahmed aida aila aino aisha aissatou ajla ajsa akbar akram ala alaa aladdin alan albert
    alberto albin albina aleksandar aleksander aleksandra aleksej aleksey alena alessandro alex alexander alexandra
    alexandre alexei alexej alexia alexis alfons alfred algot ali alice alicia alina alireza alisa aliya allan alma
    almaz almir almira aloysius alva alvar alvin alya amal amanda amar ambjörn amela amelia amelie amena amer amin
    amina aminata amine amir amira amit anahita anand anastasia anastasiia anatoly anders andrea andreas andreea
    andrej andrew andrey andriy andrzej andré anette angel angela angelica angelika angelina anisa anita anja anki
    ann anna anne anneli annelie annelise annette annie annika annmarie annsofie anoush anthony anton antonia
    antonio anwar arash aref arian ariana arjin arjun arkadiusz arman armin arne arnold aron arsim artan artur
    arturo arvid arwin aryan asad ascha asha ashkan ashraf aslan aslanbek asma asta aston astrid asuncion atefeh
    atle aud august augusta aurora axelina ayan ayla ayman ayse aysel aysha ayub ayşe azad azadeh aziz aziza azra
    babak bahar bahir bahman bahram baran barbara barbro bartosz basel bashar bashir basma beata beatrice beatriz
    behnaz behrouz bella bengt benita benjamin benny berhane berit beritan berivan bernadette bernard bernt berra
    bert berta bertil beryl besim bethlehem bettan betty bianca bijan bilal billy bilqis birger birgit birgitta
    birgitte birte birthe bjarne blerim blerta bodil boel bogdan bohdan bojan boris bosse boubacar brahim branka
    brendan brian brita britt britta britten brittmarie bruno burim bushra börje camilla carin carina carl carla
    carlos carmen carola carolin carolina caroline casper cassandra catalina catarina catharina catherine cathrine
    catrin cecilia celina cemal charbel charles charlie charlotta charlotte cheikh chinedu chloe christer christian
    christin christina christine christoffer christopher claes claire clara claudia claus colin conny constance
    cornelia crister cristian cristina curt cyril dagmar dagny dahir dalia damian damir damla dan daniel daniela
    daniella danilo danne danuta dara daria dariush dariusz darko dasha david davide davood dean deborah deepa
    deepak deeqa dejan delal denise deniz dennis deqa desire desirée diana dick didrik diego dilan dilara dilek dima
    dimitri dimitrios disa diyar dmitry dmytro doina dolores dominik donald donya dora doris dorota dorotea doroteja
    dorothea dorrit douglas dragan dragana dragica drago dusan dylan dzenana eba ebba ebrahim eddie edina edit edita
    edith edmund edona eduardo edvard edvin edward edwin eero efraim egil egon eila einar eira eivor ejnar ekaterina
    elaf elaheh elaine elena eleni eleonor eleonora eleonore elham eli elia elias elif elin elina eline elinor elis
    elisa elisabet elisabeth elise eliza elizabeth elke ella ellen elli ellie ellinor elliot elliott elma elmer elmi
    elmir elmira elna elnaz elof eloise elon elsa elsie elton elvin elvira elvis elzbieta eman embla emeka emel
    emeli emelie emil emilia emilie emilio emily emine emir emira emma emmanuel emmy emrik engin enid enis enrique
    enzo erdal erdem eric erica erich erik erika eritrea erja erkan erkki erland erling ernest ernst erol erwin esa
    esbjörn eskil esma esmeralda esra esteban estelle ester esther eugen eugene eugenia eva evald evelin evelina
    eveline evelyn evert evgenia evin evy ewa ewelina eyob eyvind ezgi fabian fadi fadila fadime faduma fadumo fahad
    faisal fanny farah fardin farhad farhan farhang fariba farid farida faris farnaz farouk farshid fartun farzaneh
    fatemeh fathi fatih fatima fatime fatma fatos fatou fatoumata fatuma fawzia faysal felicia felix ferdinand
    ferhat fernando feyza fidan figge filip filippa filippo filiz filmon fiona firas florian folke fouad fouzia
    francesca francesco francis francisco francois freddie freddy fredric fredrick fredrik fredrika freja frida
    fridolf fritiof fritjof fritz frode fuad gabriel gabriela gabriella gabrielle galina gazmend geir genc georg
    george georgios gerald gerard gerd gerda gerhard gerry gert gertrud ghassan ghazal ghazaleh gholam gianni gideon
    gilbert gillis gina giorgi giorgio giovanni gisela giuseppe gjertrud glenn golnaz gonzalo goran gordana gorm
    gosia gottfrid greger gregor greta grete gretel grzegorz guadalupe gudmund gudrun guilherme guillermo gulsen gun
    gunborg gunda gunder gunhild gunilla gunlög gunn gunnar gunnel gunvor gurbet gustaf gustav gustavo gusten guy
    gwen gyula göran görel gösta göte güler habib habiba hadi hadil hafiz haider hakim halil halima halimo halina
    halyna hamad hamdi hamed hamid hamida hamideh hampus hamse hamza hana hanan hanane hani hania hanieh hanna
    hannah hannele hannes hannu hanspeter harald haris harold harriet harry harun haruna hasan hashim hassan hasse
    hatice havva hawa hawo hayat haydar heba hedda hedi hedvig heidi heikki heinrich heinz helen helena helene helge
    heli helin helle helmer helmi helmut helmuth helny helvi helén heléne henke henning henny henri henric henrick
    henrietta henriette henrik henrique henry herbert herman hermann hermine hevi hibo hieu hilda hilde hilding
    hildur hillevi hilma hiwa hjalmar hoda hodan holger homayoun hooman hooshang horst hosein hoshang hossein houda
    hubert huda hugo humberto husein huseyin hussain hussein hussen håkan hélène ian ibrahim ibrahima ibro ida idil
    idris ieva ifeoma ifrah igor ikram ilham ilhan ilija ilir iliyas ilkka ilona ilse ilyas imad iman imran ina ines
    inez ingeborg ingegerd ingegärd ingela ingemar inger ingmar ingolf ingrid ingvar ingvild ioana ioannis ionut ira
    iraj irena irene irfan irina irja irma irmeli irmgard iryna iréne isaac isabel isabell isabella isabelle isac
    isadora isak isam ismael ismail ismet isra israa issa istvan ivan ivana ivar ivica ivo iwona izabela izabella
    jaakko jacek jackie jacob jacqueline jad jafar jakob jakub jala jalal jalil jamaal jamal james jamil jamila
    jamshid jana jane janet janette janice janina janis janna janne janos janusz jari jarmo jaroslav jarosław jasim
    jasin jasmina jasmine jason javad javier jawad jawahir jay jean jeanette jeanne jelena jennie jennifer jenny
    jens jeremy jerker jerry jerzy jesper jesse jessica jesus jiawei jill jim jimena jimmie jimmy jiyan joachim
    joacim joakim joan joana joanna joaquim jocke joel joey johan johann johanna johanne johannes john johnnie
    johnny jolanta jon jonah jonas jonatan jonathan jonna joonas jorge jorma jorun josef josefa josefin josefina
    josefine joseph josephine joshua josip josua josé jouni jovan jovana joão juan juha juhani juho jukka julia
    julian juliana juliane julie julieta juliette julio julita julius june junis jure jurgen jussi justin justina
    justyna jusuf jutta juulia jytte jöran jörgen jörn jürgen kadir kai kaisa kajsa kalle kaltun kamal kamil kamila
    kamilla kamran karam kardo kari karim karima karin karina karl karla karlo karna karolin karolina karoline
    karsten kasim kasper kassandra katarina katarzyna kate katerina kateryna katharina katherine kathleen kathrin
    kathrine kati katja katrin katrina katrine kaveh kawa kay kaya kazem kazimierz keijo keith kelly kemal ken kenan
    kennet kenneth kenny kent kenta kerim kerstin kerttu ketil kevin khadar khadija khadra khaled khalid khalil
    khawla kian kicki kidane kim kimberly kira kirsi kirsten kirsti kirstin kjell kjerstin klas klaus kleopatra kofi
    konny konrad konstantin konstantinos kornelia kosovare kostas kourosh krille krister kristian kristiina kristin
    kristina kristine kristjan kristof kristofer kristoffer krystyna krzysztof kurt kwame kyllikki laila lakshmi
    laleh lamin lara larisa larissa lars lasse laura laurent lauri lauritz layla lea leah leena leif leila leili
    lejla lemmy leni lennart lennox lenny leo leon leona leonard leonardo leonid leonora leontina leopold leroy
    lesley leslie letebrhan leyla lia liam liana liban lidia lidija lieselotte liisa lili lilia lilian liliana
    lilianne lillemor lilly lily linda lindita linh linn linus lioba lionel lisa lisbet lisbeth lise liselott
    liselotte lisette lissie liudmyla livia liz ljiljana ljubica loke lola lone lore lorena lorenzo loretta lotta
    lotte lotten lottie loui louie louis louisa louise lovis lovisa luai luan luca lucas lucian lucie lucy ludde
    ludvig ludwig luigi luis luisa luka lukas luke lulu luna lupita luul lydia lykke lynn lyubov lyudmila maarit
    maciej madelaine madeleine madelene mads magda magdalena maggie magnhild magnus magomed maha mahad mahamed mahdi
    maher mahir mahmoud mahmud mahmut mahnaz mahsa mahtab mai maida maja majbritt majid majken majlis makda maksim
    maksymilian malak malcolm malee malek malena malik malika malin malte mamadou manal manar mandana mandy manfred
    mange manne mansour manuel manuela marc marcel marcela marcelo marcin marco marcus mardin marek margaret
    margareta margareth margaretha margarita margit margita margot margret margrethe mari maria mariam mariama
    mariana mariann marianne marica marie marie-louise mariette mariia marija marijana marika marilyn mario marion
    marisol marita marius marjan marjatta marjo markku marko markus marlen marlene marta marte martha marthe martin
    martina martta marvin marwa marwan mary maryam maryan maryna marzena marzieh masoud masoumeh massoud mateo
    mateusz mathias mathilda mathilde matias matilda matilde mats matteo matthew matthias matti mattias maud maurice
    mauricio maurits mauritz maximilian maxine maya maysoon mebrahtu medhanie medina megan mehdi mehmed mehmet
    mehran mehrdad mehrnaz melanie melina melissa melker melvin mercedes merita merja mersiha mert mervi meryem
    mesfin mette mia micael micha michael michaela michal michał michel michela michele michelle micke miguel
    mihaela mihai mika mikael mikaela mikaelle mike mikhail mikko milad milan milena milica miljan milla milo milos
    miloš milton mimi mimmi minea minh minna minoo mio mira miran miranda mirela mirell mirella miriam mirja mirjam
    mirjana miro miroslav mirsad mirsada mirza mitra moa mobina modou moe mogens mohamad mohamed mohammad
    mohammadreza mohammed mohamud mohsen mohsin moira moises mojgan mojtaba molly mona monia monica monika monique
    morgan moritz morris morten morteza morvarid moses mostafa mostapha mouna moussa muhamed muhammad muhammed
    muhammet muhamud muhsin muhubo mulki mulugeta muna munir munira murad murat mushtaq mussa mustafa mykola myrna
    märit märta märtha måns mårten möller nabil nada nader nadia nadim nadin nadine nadiya nadja naeem nagham nahid
    nahla naima najah najib najma nancy naomi naser nasim nasir nasra nasrin nasser natalia natalie nataliia
    natalija natalja natasa natasha natasja nathalie nathan nathaniel nattaya navid nawal nazanin nazir nebojsa neda
    nedim nedzad neha nejla nellie nelly nelson nenad nergiz nermin nermina nesrin neta nevena newroz ngoc ngozi
    nicholas nichole nicky niclas nicola nicolai nicolas nicole nicolina nicoline nicolás niels nihad niina nika
    nike nikita niklas niko nikola nikolai nikolaj nikolaos nikolas nikolina nikoline niloufar nils nima nina nino
    nisa nisrin nisse noa noah noel noelia noelle nomi noor noora norah norbert norea norma nour nouri nuh nur nura
    nuri nuria nurten nuur nyima oddvar odin ofelia okan oksana ola olaf olav ole oleg oleh oleksandr oleksiy olena
    olga oliver olivia olle olof olov oluwaseun omar omer omid onni ophelia orhan orvar osama oscar oskar osman osmo
    ossian ostap otilia ottilia otto ousmane ove owen palle palmira pamela pantelis paola parastoo parisa parvin
    parviz parwin pasi patric patricia patricja patrick patrik patrycja paul paula pauli paulina pauline paulo pavel
    pavle pawel paweł payam payman peder pedro pekka pelle percy perihan perlina pernilla pertti peter petra petri
    petrina petronella petrus petter phan phil philip philippa philippe phillip phoebe phuong pia pierina pierre
    piotr pirjo pirkko piroz pirre pontus pooja poul pouya povel pranav preben predrag priscilla priya przemyslaw
    pysse pär pål qadir qamar qasim quang rabia rachel rachid radmila radoslav rafael rafal rafał raffaele raghad
    ragna ragnar ragnhild ragnvald rahel rahim rahma rahman rahmo rahul rahwa raija raimo raimond raisa raja rajesh
    ralf ralph ramazan rami ramin ramon ramona ramzi rana randi rania ranja ranya raphael raquel rashid rasim rasmus
    rasul raul ravi raymond razan rebecca rebecka rebin reem refik regina reidar reidun reija reijo reima reine
    reinhold reino rema renata renate reneé renée reyhan reyhaneh reza riad ricard ricardo richard rickard rigmor
    riikka riitta rikard rikke rima rina risto ritva rob robban robbin robert roberta roberto robin rocio rocío roda
    rodin rodney rodrigo roger rogert rohit roine rojda rojhat rojin roksana roland rolf romain romana romeo romina
    ronald ronaldo ronja ronnie ronny rony rosalie rosalina rosanna rose roselin rosemarie rosita rosmarie rostam
    roswitha roxana roy roya roza rozerin rozita ruben rubina rudi rudolf rudy rukia rukiye rumi runar rune rurik
    ruslan ruth ruzica ryan rym saad saana saara saba sabah sabina sabine sabir sabri sabrin sabrina sadaf saddam
    sadia sadio saeed safa safia safiya sagal sahar sahra sahro said saida saif sail sakari saleh salem salih salim
    salima salma salman salme salomon salwa samah saman samantha samar samia samir samira sammy samsam samson samuel
    samuli samy sanaa sanaz sandor sandra sanela sania sanja sanjay santeri santiago sanya sara sarah sardar sarita
    sasa sasha saskia satu saul seb sebastian sebbe sebnem seher seija selam selamawit selena selim selin selina
    selma selmer semhar semir semira senad senada senait sepideh serdar sergei sergej sergey sergio serhat serhiy
    serkan setareh seth seved seyed shabnam shadi shahab shahin shahla shahnaz shahram shahrzad shaima shakir shamim
    shamsa shane shanna sharif sharmarke sharon shervin sherwan sherzad shilan shirin shirley shiva shukri shwan
    sibel sidney siegfried sif sigbritt sigfrid sigge siggi sigmund signe signhild sigrid sigurd sigvard silas silva
    silvana silvia silvija sima simeon simo simon simona simone simret sindre sinem sini sintija siobhan siri
    siriporn sirje sirkka sirpa sirwan siv sivan sivert siw sixten skye slavica slobodan snezana snežana soad sofi
    sofia sofie sofiia soheil soheila sohrab solbritt soledad solvei solveig solvig somaya somchai sonia sonja sonny
    sonya sophia sophie soran soraya soren sorin staffan stefan stefania stefanie stefano steffe steffen steffi
    stein steinar stella stellan stephan stephanie stephen steve steven stina stoyan stuart sture styrbjörn suad
    subhi sucdi sue suha suhail sulaiman suleiman suleyman sumaya sumeya summaya sune sunisa sunita suraya susan
    susana susann susanna susanne sussi suvi suzan suzana suzanne suzy svante sven svenerik svennis svetlana
    svitlana sylva sylve sylvester sylvi sylvia sylvie sylwester sylwia synnöve synnøve szymon sölve sören tabita
    tadeusz  taha taher tahir tahira taimi taina talal talia tamam tamara tamas tamer tammy tania tanja tanya
    taraneh taras tarek tareq tarik tariq tarja tarmo tasneem tasnim tassilo tatiana tatjana tatyana tauno tayeb
    teemu tekla tekle temesgen teo teodor teodora teppo teresa terese teresia teresita terez terje tero terry tesfay
    tess tessa tetiana thanh thao thea theo theodor theodora theodore theres theresa therese theresia theresé thiago
    thilda thomas thor thora thorbjörn thord thorleif thorsten thorvald thuy thyra tiam tiba tibor tiffany tigist
    tigran tiina tilda tilly timea timo timothy timur tine titti titus tobbe tobias tobin todd toivo tomas tomasz
    tomislav tommie tommy tompa toni tonje tony tora torbjörn tord tore torgeir torgerd torgny torkel torleif
    torsten torun torvald tove trang travis trine trond troy trude truls tsegay tudor tuija tulin tuomas tuomo ture
    tuula twana tyko tyra tyrone ubah udo uffe ugo ulf ulises ulla ullis ulrica ulrik ulrika ulrike umar umut uriel
    urs ursula usama usman uwe vahid vahida valdemar valentin valentina valeri valeria valerie valter vanda vanesa
    vanessa vanja veijo veikko velma vendela venke venla vera verena verner veronica veronika vesa vesna veysel
    vibeke victor vidar vidya vigdis viggo viivi vijay viktor viktoriia vile vilgot vilhelm vilhelmina viljami vilma
    vilmar vilmer vince vincent vincenzo violet violeta violetta virginia virpi virve vitor vivan viveca viveka vivi
    vivian viviana vivianne viyan vjera vlad vladan vladimir vladislav vlasta volker volodymyr wael wafa wahid
    waldemar waleed walid wallace wally walter wanda wanja wanjiru warda wasim wenche wendela wendy werner wesam
    wiam wictor widad wiesław wiktor wiktoria wilda wilhelm wilhelmina wiliam wille willem william willy wilma
    wilmer winston wiola wioletta wissam wivan wolfgang xavier xenia xiaoming ximena xin xóchitl yahia yahya yakup
    yalda yan yana yann yannick yara yared yasemin yaser yasin yasmin yasmina yasmine yasser yassin yassir yazan
    yevgenia yevgeny yevhen ylva yngve yohannes yolanda yonas yonatan yonis yosef yousef youssef youssouf yulia
    yuliia yuliya yuri yuriy yusra yusuf yvette yvonne zacharias zack zackarias zahid zahir zahra zaid zaina zainab
    zainap zakaria zakariya zaki zakia zamzam zana zandra zara zeb zeina zeinab zejnep zeki zelal zelda zeljko zelma
    zena zenebech zeynep zhanna zhin ziad zina zita ziyad zlatan zlatko zoe zoey zofia zohra zohreh zoltan zora
    zoran zorica zozan zsolt zsuzsanna zubeyde zulfiqar zulfiya åke åsa åse åsta örjan östen
";

/// Surnames that are hardly anything else.
pub(super) const SURNAMES: &str = "
    abbas abdallah abdi abdirahman abdulkadir abdulla abdullah abdullahi abdulle abdulrahman abebe abraham abshir
    adan adem aden afrah agovic ahlberg ahlgren ahlin ahlm ahlstedt ahlström ahmad ahmadi ahmed ahmeti aho akbari
    akgül alenius ali alic aliyev almeida almgren almkvist almström alvarez alvi amini amiri anderberg andersen
    anderson andrews andrén anton antonijevic arslan asani aspegren asplund assad avdic aydin aziz azizi babic
    backlund backman bajraktari bajrami barsoum barzani barzanji bashir bayram begic bergdahl berge bergenstråle
    berger bergfeldt berggren berghult berglind berglund bergman bergsten bergstrand bergström bergvall berisha
    bielke bilal björklund björklöf björkman björling björnberg blomberg blomgren blomkvist bogdanovic bohlin bohman
    boman bonnier borgström boström brandt brodin broman bruhn brundin brunnberg brännström bukvic bylund byström
    bäcklund bäckman bäckström cakir camara carlberg carlson carlstedt carlström carlén cederberg cederholm celik
    cetin chaudhry cheng chowdhury christensen christofferson cohen cronstedt cruz dahir dahl dahlberg dahlbom
    dahlgren dahlin dahlman dahlstedt dahlstrand dahlström dahlén degerman delic demir demirci derakhshan diallo
    diaz dimitrov dizdarevic djordjevic dogan dragic duong dzafic ebrahimi edberg edgren edlund edman edström
    ehrensvärd ejdervik ekberg ekblad ekblom ekdahl ekelund ekengren ekholm eklund eklöf ekman ekmark ekstrand
    ekström elezi elfström elgh ellström elmi engberg engblom engdahl engelbrekt englund engman engstrand engström
    enström erdogan eriksen fagerberg fagerlund fagerström falck falkman farah farhan farouk farsäter fernandes
    fernandez fernström ferreira flodin flodman flodström fofana forsberg forsell forsgren forslund forsman
    forssberg forssell forssman forsström franzén fredholm fredin freij friberg frida fridh friman frisell fröberg
    fyhr ganji garcia gashi gebremedhin geijer ghaderi ghebremeskel gholami gidlöf girma gjoka glimberg gomez
    gonzales gonzalez grahn granath granberg grandin granlund granström greger grip grundström grönberg grönlund
    grönvall guldbrand gullberg gullstrand gupta gustafson gutierrez gyllenhammar gyllensvärd gårdh haddad hadzic
    hagberg hagelin haglund hagman hagström haidari haile haji hakimi halilovic halimi hallberg hallgren hallin
    hallman hallström hallén hamberg hamdan hamid hamidi hammarberg hammarlund hammarström hamrin hamza hansen
    hanson hasan hasani hashemi hashi hassan hassani haug haxhi hedberg hedblom hedenström hedin hedlin hedlund
    hedman hedström heidenstam heikkilä heikkinen heimdahl helander helin hellberg hellgren hellman hellsten
    hellström herlitz hermiz hernandez hersi hirvonen hjalmars hjelm hjelte hjertén hjorth hoang hodzic hoffman
    hofmann holmberg holmdahl holmer holmgren holmkvist holmlund holmstedt holmstrand holmström holmén hosseini
    hoxha huang huhtala hultberg hultgren hultin hultman hultén huseini hussain hussaini hussein husu hvass hylander
    hägglund häggström hällström högberg höglund högström höjer hörnberg hörnfeldt ibrahim ilic iqbal ismail
    ismailovic issa ivanov ivanovic jafari jahangiri jalali jankovic janssen januzi javed jaxelius jensen jern
    jernberg jibril jimenez johansen johnson jovanovic jovic juhlin juhola järvinen jörgensen kadhim kadir kallio
    kamali kamara karim karimi karlander karlberg karlgren karlovic karlström karlén kaya kebede keita kelmendi
    keskin khalaf khalid khalil khan khoury kiani kihlberg kihlström kilic kivelä kjellberg kjellgren kjellin
    kjellman kjellström koch kolic korhonen koskela koskinen kovacevic kovacs kovalenko kovač kovačević kowalczyk
    kowalska kowalski krasniqi kristensen kruse krüger kumar kylberg källberg källman källström köhler lagerberg
    lagercrantz lagergren lagerlöf lagerström laine laitinen landberg landgren landin landström lantz larsen larson
    laurén lazic lehtinen lehto lehtonen leijon leijonhufvud levander levin lewandowski lidberg lidholm lidman
    lidström lidén liljedahl liljegren lilliehöök limani lindahl lindberg lindblad lindblom lindborg lindell linder
    linderoth lindfors lindgren lindh lindhe lindholm lindkvist lindman lindmark lindroth lindskog lindskoog
    lindstedt lindstrand lindström lindvall lindén linné liu ljungberg ljungdahl ljunggren ljungkvist ljungman
    ljungström lopes lopez lorentzon lovén lozano lukic lundahl lundberg lundblad lundborg lundeberg lundell
    lundgren lundh lundholm lundin lundkvist lundmark lundstedt lundsten lundström lundvall lundén luthander
    lännström löf löfberg löfgren löfstedt löfstrand löfström löfvenberg lönnberg lönnström lövgren maalouf mahmood
    mahmoud mahmoudi malik malmberg malmborg malmgren malmkvist malmros malmsten malmström mannberg mannerheim
    manninen mansour maric markgren marklund markovic markovski markström marovic martin martinez mattila mattson
    mehdi mehmeti melander melin mellberg mellgren melnyk memic mendoza mensah miftari mihajlovic mikkelsen
    milovanovic mirza mitrovic moberg modin mohamad mohamed mohammad mohammadi mohammadian mohammed mohamud molander
    molin moradi moradian moreno morina mortensen mossberg mousavi muhammed mukhtar munthe munther mustafa mwangi
    myrberg myrén mäkelä mäki mäkinen möller müller naeslund naess najafi nasser nasseri natt-och-dag nazari nguyen
    niazi nielsen niemi nieminen nikolic nikolov nilsen nilson niska noori norberg nordahl nordberg nordblom nordell
    nordenberg nordgren nordh nordholm nordin nordlander nordling nordlund nordmann nordmark nordstrand nordström
    nordvall nordén noren norgren norlin norling norman norrman norrström norén novak nowak nuhanovic nyberg nyblom
    nygren nyholm nylander nylund nylén nyman nyström näslund nääs ohlin ohlson okafor olander olin oliveira olsen
    oman omar omari omerovic ortiz osman osmani owe oxenstierna ozturk palmberg palmblad palme palmgren palmér
    pashaei patel pavlovic pedersen pehrson pereira perera perez peters petersen petkovic petrov petrovic pham phan
    pihl pilgren pirzadeh polat popovic poulsen prodan qasim radic rafiei rahimi rahman rajabi rajput ramic ramirez
    ramos ramstedt ramström rashid rasmussen redzic rehn rehnström reinfeldt remes renberg renström reuter reza
    rezaei rezai ribbing richter risberg rivera rodriguez rojas roos rosander rosberg rosell rosenberg rosenblad
    rosengren rosenkrantz roslund rossi rostami rosén roth ruiz rustami rydberg rydell rydgren rydholm
    rydin rydström rydén rönnberg rönnbäck rönnlund saarinen sabri sadeghi saeed sahlberg sahlin sahlström sahlén
    said salah saleh salih salman salminen salo salonen sanchez sandahl sandberg sandelin sandell sander sandgren
    sandin sandman sandström sandén santana santos sarkar savic schmidt schneider schröder schultz
    segerström selander selimi selin sellberg sesay shabani shah shakir sharif sharma sheikh shevchenko silfver
    silfverberg silfverstolpe silva simic singh sivander sjöberg sjöblom sjödin sjögren sjöholm sjölander sjölin
    sjölund sjöstedt sjöström skogh skoglund skogman skogsberg skoog skärström slättberg smith snell soltani
    sousa staaf starck steen stein stenbeck stenberg stenlund stenman stenmark stenström stiernstedt stjernberg
    stjernström stoltz strandberg strandell strandh streling strömbeck strömberg strömbäck strömgren ståhl ståhlberg
    stålberg stålhammar stålnacke suleiman sulejmanovic suljic sundberg sundelin sundell sundgren sundholm sundin
    sundkvist sundström sundvall sundén svahn svanberg svanström svedberg svedin svedlund sylvander szabo säll
    särnholm söderberg söderblom söderbäck södergren söderholm söderlind söderlund söderman söderstrand söderström
    sörensen tadic tahir talib tanaka tapio tedenljung tegner tegnér tekin teklemariam tersmeden tesfai tesfamariam
    tesfaye tewelde theander thelin thomson thorell thornberg thorsell thorén thulin thunberg thyberg tillman
    timmermann tjernström tjäderborg toivonen tomic torres touray tran traore tuomi turunen tyrén tzouvaras törnberg
    törnblom törngren törnkvist törnström uddin uhlin ulander ullah ullman ulusoy unger usman valentin vallgren
    vallin vallström vasic velic vennberg vestberg vesterberg vestergren vesterlund vestin vikberg viklund vikström
    virtanen vukovic wachtmeister wahl wahlberg wahlgren wahlin wahlstedt wahlström wall wallander wallberg
    wallenberg wallgren wallin wallman wallmark wallén wang warsame wedin weiss welander wendel wennberg wennerberg
    wennergren wennerholm wennerström wenngren werner wessel wessman west westberg westbom westerberg westergren
    westerholm westerlund westerman westermark westin westling westlund westman weström wetterberg wetterlund wiberg
    wickman widegren widell widerberg widlund widmark widén wigren wiik wik wiklund wikman wikström winberg winblad
    winnberg winter wirén wolf wolff wondimu wong wrangel wrede xu yang yaqub yaseen yavuz ydén yildirim yildiz
    yilmaz younes younis yousef yousif youssef yusuf zahedi zaidi zaman zamani zander zeka zetterberg zettergren
    zetterlund zetterström zeynali zhang zhao zhou zukic ängberg åberg åhlander åhlin åhlén åhman åhs åhström
    åkerberg åkerblom åkerfeldt åkerlind åkerlund åkerman åkerström ålund ångström årman åslund åström öberg ödlund
    ödman ögren öhlund öhman öhrn öijer ölander ölund öman östberg österberg östergaard östergren östergård
    österlund österman östling östlund östman öström özdemir özkan öztürk đokić šarić
";

/// Names that are also ordinary words, or places: masked only beside another name or where something says that a name
/// comes.
pub(super) const ALSO_WORDS: &str = "
    rosenlund sandvik solberg tage abu ahl al alba alf alm ama ana anas anh april ask asp atta awa axel backe bah ben berg bill björk björn blad
    blanka blixt blom blomma blomster bo bonde borg botan bratt bro bror broström brun bui bäck can ceder chen chi
    costa da dag dahlia dal damm dansk dao dina ding do drake duc duva ek ekebo eld elg elle elm else ender
    faith falk fia finn finne fisk flink flod flora florence florin fors frank fred frej frid frisk frost fröjd get
    gill glad glans gloria grace gran gren greve grop gull gås göta hag haga hage hakan hala hall hammar hans hassel
    hav hed helga hill hjort ho holm hong hulda hult hung häger hägg häll härd hård hök höst india inga inge iris
    isa islam israel jack jama jan jarl jasmin jeppe jihad jo jordan joy jul juli julien jung juni järv kaj kalv
    kanon kia kidd klara klint klippa knut kock korp kort krans krona kråka kula kull kulle kung kvist lage lager
    lam lan lana lava le lejon lena lene li lian lif lilja lin lina lind line ling linnea linnéa lisen liv liva
    ljung ljus lo loa long lova love lucia lul lund lundby lärka låga lång lönn ma maj malm malva mani mara mare
    marin marina mark marken max maxim mei meja merit mi mila mille mina mo modig mus musa my myra måne mörk
    negar ngo nimo nora nord norr norrby nova orre palm park penny per petar piper prins präst putte quist rama
    ramadan ramla rapp rasa rask regn reko remi ren rena rene rim rita roar roman ros rosa rosen runa rut räv
    rök saga sam sami sand sanna sena shala shehu sia silke sina sjö sjöstrand skarin skarp skog sköld smed snäll
    snö so sol sommar soto sparre sparv spets spira spjut spång stake stark sten stenar stickan stig stjerna stjärna
    stolpe storm strand sträng ström stål ståltråd sultan sund sundby svan svea svensk svärd söder tale tall tang
    tapper tara tea thi tilde tim tina tindra tjäder tolf tom tone tor tova trast trygg tuan tuva tysk törn udd unni
    uno urban ute uv val valborg vall van varg vass vega victoria vida vide vik viking viktoria vilda vilja viljar
    ville vinberg vinter viola vira vo vu väst vår with xi älg älva äng ängla ågren åkare åker åkermark ås ö örn öst
";
