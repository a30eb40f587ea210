package org.vipmanager.simulation;

import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;

/** What a Patroni answers to who asks it. */
interface RestApi {

    PatroniMember member();

    /** The status of /leader; 0 when nothing answers. */
    int leaderStatus();

    PatroniAnswer.Failsafe failsafe();
}
