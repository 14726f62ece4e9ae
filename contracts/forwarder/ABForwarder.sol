// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC2771Forwarder} from '@openzeppelin/contracts/metatx/ERC2771Forwarder.sol';

/// @title Executes requests that their users signed and a relayer pays for
/// @notice EIP-712 domain: name "AB.LAND Forwarder", version "1". A signer's nonces are gapless from 0.
contract ABForwarder is ERC2771Forwarder('AB.LAND Forwarder') {}
