/** OpenPGP: the receiver's key examined, and files encrypted to it as they are written. */
@NullMarked
package io.penstock.jobs.deliver.pgp;

import org.jspecify.annotations.NullMarked;
